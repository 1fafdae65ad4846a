"""From a question to an answer with its citations: read in the order of the pipeline.

settings → typed (councils, places, name_words → named; pinpoints) | register (periods, register_words,
register_story, register_reading → register_query) | spelling → search (learned; cues, voices → selection) → beyond,
refusals | box → answer (typed by schemas) → presentation, paragraph_html → pages, api (told by openapi) → app →
serving; mcp, cli
A text for an answer: prompts → llm → citations (figures, quotations → grounding) → generation
Somebody's own text: quotations, pinpoints → mentions → letters → check
evaluate measures it
"""
