"""The embedded server's postgresql.conf, written anew at every start, by the machine's size."""

import os

MEGABYTE = 1024 * 1024


def configuration(*, port: int, name: str, durable: bool) -> str:
    """The settings file. Changes of one's own belong in `ALTER SYSTEM`, which comes after it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    settings = {
        "listen_addresses": "'127.0.0.1'",
        "port": port,
        # A socket's path may have 107 bytes, which a data folder easily exceeds.
        "unix_socket_directories": "''",
        # Shown in the title of every process, by which we know them as this folder's.
        "cluster_name": f"'{name}'",
        "password_encryption": "'scram-sha-256'",
        "max_connections": 200,
        "shared_buffers": f"{_between(128, memory // 8, 2048)}MB",
        "effective_cache_size": f"{_between(256, memory // 2, 65536)}MB",
        "work_mem": f"{_between(8, memory // 400, 64)}MB",
        "maintenance_work_mem": f"{_between(64, memory // 32, 512)}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "'15min'",
        "wal_compression": "on",
        "random_page_cost": 1.1,
        # Compiling a query costs more than any page's query takes.
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "logging_collector": "on",
        "log_directory": "'log'",
        "log_filename": "'postgresql-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "'%m [%p] %u@%d '",
        # A refused statement's text may hold personal data.
        "log_min_error_statement": "'panic'",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "256MB",
        }
    return "".join(f"{key} = {value}\n" for key, value in settings.items())


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))
