"""From a question to paragraphs with their citations: read in the order of the pipeline.

settings → named, learned → search → answer → app, cli; evaluate measures it
"""
