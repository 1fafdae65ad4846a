"""From published decisions to a searchable index: read in the order of the pipeline.

decisions → numbering → parse → passages → embed → store → build
"""
