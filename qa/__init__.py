"""From a question to paragraphs with their citations: read in the order of the pipeline.

settings → search → answer → app, cli
"""
