"""Says whether the database of DATABASE_URL can hold the portal; exit 1 with what to do when it cannot."""

import os
import sys

import psycopg
from psycopg import sql

EXTENSIONS = ("postgis", "btree_gist")


def problem(url: str) -> str | None:
    """What is wrong with the database, in Chinese and English, and what to do about it; None if nothing is."""
    scheme, _sep, rest = url.partition("://")
    if scheme not in {"postgis", "postgres", "postgresql"}:
        return (
            f"DATABASE_URL 应以 postgis:// 或 postgresql:// 开头，而不是 {scheme}。\n"
            f"DATABASE_URL must begin with postgis:// or postgresql://, not {scheme}."
        )
    try:
        connection = psycopg.connect(f"postgresql://{rest}", connect_timeout=10, autocommit=True)
    except psycopg.Error as error:
        return f"无法连接 DATABASE_URL 指定的数据库：{error}\nThe database of DATABASE_URL cannot be reached: {error}"
    with connection:
        for name in EXTENSIONS:
            try:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
            except psycopg.Error as error:
                command = f"psql -d {connection.info.dbname} -c 'CREATE EXTENSION {name}'"
                return (
                    f"数据库缺少扩展 {name}（{error}）。请由数据库管理员（超级用户）执行：{command}\n"
                    f"The database lacks the extension {name}. Its administrator (a superuser) must run: {command}"
                )
    return None


if __name__ == "__main__":
    found = problem(os.environ["DATABASE_URL"])
    if found:
        sys.exit(f"\n\n✗ {found}")
