"""The local runner: embedded servers, `make demo`, `make dev` and `make test` on one machine, with nothing to install.

It starts and ends processes and never imports the product itself; what needs Django runs in a child (see `prepare`).
Production does not use this package (see docker-compose.yml).
"""
