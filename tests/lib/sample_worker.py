"""`python -m tests.lib.sample_worker`: a worker that knows the jobs of the tests."""

import asyncio

import django


def main() -> None:
    django.setup()

    import tests.lib.sample_jobs  # noqa: F401, PLC0415  declares them
    from paidup.lib.jobs import work  # noqa: PLC0415  only once Django is set up

    asyncio.run(work(concurrency=2))


if __name__ == "__main__":
    main()
