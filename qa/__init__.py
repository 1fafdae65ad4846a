"""From a question to paragraphs with their citations: read in the order of the pipeline.

settings → named, learned → search → answer (typed by schemas) → pages, api (told by openapi) → app; mcp, cli
evaluate measures it
"""
