"""What the words of a text tell of it, whatever text it is; pure."""
