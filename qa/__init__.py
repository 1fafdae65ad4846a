"""From a question to paragraphs with their citations: read in the order of the pipeline.

settings → named, learned → search → answer (typed by schemas) → pages, api (told by openapi) → app →
serving; mcp, cli
A text for an answer: prompts → llm → citations (figures, quotations → grounding) → generation
Somebody's own text: quotations, pinpoints → mentions → letters → check
evaluate measures it
"""
