#!/usr/bin/env bash
# Run once, as root, when Gradescope builds the image. The images' own Python may be too
# old; uv brings one then.
set -euo pipefail
apt-get update -qq
apt-get install -y -qq --no-install-recommends bubblewrap ca-certificates curl
curl -LsSf https://astral.sh/uv/install.sh | env UV_INSTALL_DIR=/usr/local/bin sh
export UV_PYTHON_INSTALL_DIR=/opt/python
uv venv -q --python ">=3.11" /autograder/venv
uv pip install -q --python /autograder/venv/bin/python -r /autograder/source/requirements.txt
