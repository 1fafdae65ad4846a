# The form and the API with the model and the index of seeds/ inside. CPU only, not as root.
#
#     docker build -t decision-qa .
#     docker run -p 8000:8000 decision-qa
#
# On x86-64 the public index serves torch with CUDA, gigabytes of it: pass the address of PyTorch's index of CPU builds
# as --build-arg PIP_EXTRA_INDEX_URL=….
FROM debian:bookworm-slim
ARG PIP_EXTRA_INDEX_URL

RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 qa \
 && install -d -o qa -g qa /app/data

WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY index index
COPY qa qa
RUN python3 -m venv .venv && pip install --constraint constraints.txt --editable .
COPY prompts prompts
COPY seeds seeds

USER qa
RUN decision-qa build
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["decision-qa", "serve", "--host", "0.0.0.0"]
