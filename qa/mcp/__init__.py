"""A Model Context Protocol server: server has the tools, jsonrpc reads messages and serves them over a pipe."""
