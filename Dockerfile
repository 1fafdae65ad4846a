# The form and the API with the model and the index of seeds/ inside. CPU only, not as root, and nothing is written but to
# /tmp and /dev/shm once it runs.
#
#     docker build -t decision-qa .
#     docker run -p 8000:8000 --read-only --tmpfs /tmp --cap-drop ALL decision-qa
#
# On x86-64 the public index serves torch with CUDA, gigabytes of it. scripts/setup takes PyTorch's build for CPUs where
# PyTorch's own index of them answers; another index that has it is named by --build-arg PIP_EXTRA_INDEX_URL=….
#
# The base is Debian 12.15 of 5 October 2026. For a newer one: `docker buildx imagetools inspect debian:bookworm-slim`
# prints the digest of today. Another base is named by --build-arg BASE=….
ARG BASE=debian:bookworm-slim@sha256:7c7b2c966bc9ee8cedfeef67e0e279108992c77681fa595db4a9d65c06ccc587
FROM ${BASE}
ARG PIP_EXTRA_INDEX_URL

RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 qa \
 && install -d -o qa -g qa /app/data

WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
COPY pyproject.toml README.md LICENSE ./
COPY lock lock
COPY scripts/setup scripts/setup
COPY index index
COPY qa qa
RUN scripts/setup && python3 -m compileall -q index qa
ENV PYTHONDONTWRITEBYTECODE=1
COPY prompts prompts
COPY seeds seeds

USER qa
RUN decision-qa build
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["decision-qa", "serve", "--host", "0.0.0.0"]
