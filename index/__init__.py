"""From published decisions to a searchable index: read in the order of the pipeline.

decisions → numbering → parse → passages → embed → versions → embeddings → segments → terms → store → report → sources →
readings → writer → build
"""
