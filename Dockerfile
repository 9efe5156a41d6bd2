# The production image: one for every process, which one is said by the command (see docker-compose.yml).
FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY deploy/build_assets.mjs deploy/
COPY static static
RUN node deploy/build_assets.mjs

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /opt/contactcenter \
 && /opt/contactcenter/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/contactcenter/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=contactcenter.settings \
    CONTACTCENTER_HOME=/var/lib/contactcenter
RUN useradd --system --uid 10001 --home-dir /var/lib/contactcenter --create-home contactcenter \
 && install -d -o contactcenter -g contactcenter /var/lib/contactcenter/files
COPY --from=packages /opt/contactcenter /opt/contactcenter
WORKDIR /srv/contactcenter
COPY . .
COPY --from=assets /build/static/dist static/dist
# Static files and compiled code are part of the image, which nothing can write to later. The key is for this one command: nothing it writes depends on it.
RUN SECRET_KEY=only-for-collecting-static-files-in-the-build python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q . \
 && chown -R contactcenter:contactcenter /var/lib/contactcenter
USER contactcenter
EXPOSE 8000 8001 2525
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "contactcenter.wsgi:application"]
