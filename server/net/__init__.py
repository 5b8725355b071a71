"""The protocols on the wire: HTTP/1.1 and WebSocket, as uvicorn speaks them, within bounds."""
