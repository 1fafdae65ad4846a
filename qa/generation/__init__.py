"""A question and its hits → a text that a language model wrote, each sentence of it checked.

prompts make the messages, llm sends them, sentences cuts what comes back and says what each cites, grounding whether
the paragraphs say so, and generator does all of it within its time.
"""
