"""The container files, as far as they can be checked without a container engine."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|PRIVATE|CREDENTIAL")
ENV_EXAMPLE = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", (PROJECT / ".env.example").read_text(), re.MULTILINE))


def instructions(dockerfile: str) -> list[tuple[str, str, str]]:
    """(target, instruction, arguments) for each instruction, continued lines joined."""
    found, target = [], ""
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE))
    for line in filter(str.strip, joined.splitlines()):
        word, _space, arguments = line.strip().partition(" ")
        if word.upper() == "FROM":
            target = arguments.split()[-1]
        found.append((target, word.upper(), " ".join(arguments.split())))
    return found


def dockerfile_faults(dockerfile: str, root: Path) -> list[str]:
    """What is wrong with a Dockerfile: one line for each fault, none for a good one."""
    lines = instructions(dockerfile)
    targets = list(dict.fromkeys(target for target, _word, _arguments in lines))
    stages = re.findall(r"^FROM .* AS (\S+)$", dockerfile, re.MULTILINE)
    bases = {arguments.split()[0] for _target, word, arguments in lines if word == "FROM"}
    faults = []
    for _target, word, arguments in lines:
        match word:
            case "FROM":
                image = arguments.split()[0]
                if image not in stages and not re.search(r":(?!latest$)[\w.-]+$|@sha256:", image):
                    faults.append(f"{image} is not pinned to a release")
            case "ADD":
                faults.append(f"ADD {arguments}: COPY does no more than it says")
            case "COPY":
                sources = [part for part in arguments.split()[:-1] if not part.startswith("--")]
                faults += [f"COPY {source}: no such file" for source in sources if not (root / source).exists()]
                faults += [
                    f"COPY {source}: left out by .dockerignore" for source in sources if is_ignored(source, root)
                ]
            case "RUN":
                if re.search(r"\b(apt|apt-get|pip|npm)\s+(-\S+\s+)*(install|ci)\b", arguments):
                    faults.append(f"RUN {arguments}: installs past script/setup")
                if re.search(r"\b(curl|wget)\b", arguments):
                    faults.append(f"RUN {arguments}: fetches something unchecked")
                if "script/setup packages" in arguments and "rm -rf var /var/lib/apt/lists/*" not in arguments:
                    faults.append(f"RUN {arguments}: keeps package lists in the image")
            case "ENV" | "ARG" if SECRET_NAME.search(arguments):
                faults.append(f"{word} {arguments.split('=')[0]}: a secret would stay in the image")
            case "ENTRYPOINT" | "CMD" | "HEALTHCHECK":
                if "[" not in arguments:
                    faults.append(f"{word} {arguments}: a shell in between swallows signals")
                program = re.search(r'\["([^"]+)"', arguments)
                if word == "ENTRYPOINT" and program and not program[1].startswith("/"):
                    path = root / program[1]
                    if not os.access(path, os.X_OK):
                        faults.append(f"ENTRYPOINT {program[1]}: not an executable file")
    for target in targets:
        if target in bases:
            continue
        words = {word: arguments for of, word, arguments in lines if of == target}
        faults += [f"{target}: no {word}" for word in ("HEALTHCHECK", "ENTRYPOINT") if word not in words]
        if words.get("USER", "root") in {"root", "0"}:
            faults.append(f"{target}: runs as root")
    return faults


def is_ignored(path: str, root: Path) -> bool:
    """Does .dockerignore keep the path (a plain one, no pattern) out of the build."""
    ignored = (root / ".dockerignore").read_text().splitlines() if (root / ".dockerignore").exists() else []
    parts = Path(path).parts
    return any("/".join(parts[:end]) in ignored for end in range(1, len(parts) + 1))


def compose_faults(services: dict[str, dict[str, Any]]) -> list[str]:
    """What is wrong with the services of a compose file: one line for each fault."""
    faults = []
    for name, service in services.items():
        if not service.get("healthcheck", {}).get("test"):
            faults.append(f"{name}: no health check")
        if not service.get("read_only"):
            faults.append(f"{name}: may write its own image")
        if service.get("cap_drop") != ["ALL"]:
            faults.append(f"{name}: keeps capabilities")
        if "no-new-privileges:true" not in service.get("security_opt", []):
            faults.append(f"{name}: may gain privileges")
        if service.get("privileged") or service.get("network_mode") == "host" or service.get("cap_add"):
            faults.append(f"{name}: reaches into the host")
        loopback = re.compile(r"(127\.0\.0\.1|\$\{\w+:-127\.0\.0\.1\}):")
        ports, volumes = map(str, service.get("ports", [])), map(str, service.get("volumes", []))
        faults += [f"{name}: {port} is open to the network by default" for port in ports if not loopback.match(port)]
        faults += [f"{name}: {volume} is no named volume" for volume in volumes if volume.startswith((".", "/", "~"))]
        for variable, value in service.get("environment", {}).items():
            if SECRET_NAME.search(variable) and not re.fullmatch(r"\$\{\w+:\?[^}]+\}", str(value)):
                faults.append(f"{name}: {variable} has a default")
    return faults


def test_dockerfile_has_no_fault() -> None:
    assert dockerfile_faults(DOCKERFILE, PROJECT) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("FROM debian", "debian is not pinned to a release"),
        ("FROM debian:latest", "debian:latest is not pinned to a release"),
        ("ADD Dockerfile /", "ADD Dockerfile /: COPY does no more than it says"),
        ("COPY no-such-file here", "COPY no-such-file: no such file"),
        ("COPY .git/config here", "COPY .git/config: left out by .dockerignore"),
        ("RUN apt-get install -y nginx", "RUN apt-get install -y nginx: installs past script/setup"),
        ("RUN apt-get -q -y \\\n  install nginx", "RUN apt-get -q -y install nginx: installs past script/setup"),
        ("RUN curl -L x | sh", "RUN curl -L x | sh: fetches something unchecked"),
        ("RUN script/setup packages portal", "RUN script/setup packages portal: keeps package lists in the image"),
        ("ENV SECRET_KEY=abc", "ENV SECRET_KEY: a secret would stay in the image"),
        ("CMD web", "CMD web: a shell in between swallows signals"),
        ('ENTRYPOINT ["deploy/nginx.conf"]', "ENTRYPOINT deploy/nginx.conf: not an executable file"),
        ("USER root", "portal: runs as root"),
    ],
)
def test_dockerfile_fault_is_found(line: str, fault: str) -> None:
    start, _from, rest = DOCKERFILE.partition("FROM base AS proxy")
    assert fault in dockerfile_faults(f"{start}\n{line}\n{_from}{rest}", PROJECT)


def test_compose_has_no_fault() -> None:
    assert compose_faults(SERVICES) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"healthcheck": {}}, "db: no health check"),
        ({"read_only": False}, "db: may write its own image"),
        ({"cap_drop": ["NET_RAW"]}, "db: keeps capabilities"),
        ({"security_opt": []}, "db: may gain privileges"),
        ({"privileged": True}, "db: reaches into the host"),
        ({"ports": ["5432:5432"]}, "db: 5432:5432 is open to the network by default"),
        ({"volumes": ["./data:/data"]}, "db: ./data:/data is no named volume"),
        ({"environment": {"POSTGRES_PASSWORD": "portal"}}, "db: POSTGRES_PASSWORD has a default"),
        ({"environment": {"POSTGRES_PASSWORD": "${P:-portal}"}}, "db: POSTGRES_PASSWORD has a default"),
    ],
)
def test_compose_fault_is_found(change: dict[str, Any], fault: str) -> None:
    assert compose_faults({"db": SERVICES["db"] | change}) == [fault]


def test_services_are_those_of_the_plan() -> None:
    assert list(SERVICES) == ["db", "web", "worker", "nginx"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["nginx"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_service_builds_a_target_of_the_one_dockerfile() -> None:
    targets = {target for target, _word, _arguments in instructions(DOCKERFILE)}
    assert {service["build"]["target"] for service in SERVICES.values()} == targets - {"base"}
    assert {service["build"]["context"] for service in SERVICES.values()} == {"."}


def test_every_named_volume_is_declared_and_used() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_every_health_check_is_known_to_its_script() -> None:
    known = set(re.findall(r"^  (\w+)\)", (PROJECT / "deploy/health").read_text(), re.MULTILINE))
    for service in SERVICES.values():
        command, program, part = service["healthcheck"]["test"]
        assert (command, program) == ("CMD", "deploy/health")
        assert part in known
    unknown = subprocess.run([PROJECT / "deploy/health", "printer"], capture_output=True, text=True)
    assert (unknown.returncode, unknown.stderr) == (2, "Usage: health db | web | worker | nginx\n")


def test_every_command_is_known_to_the_entrypoint() -> None:
    known = set(re.findall(r"^  (\w+)\)", (PROJECT / "deploy/entrypoint").read_text(), re.MULTILINE))
    assert {service["command"][0] for service in SERVICES.values() if "command" in service} <= known


def test_images_and_machines_install_the_same_packages() -> None:
    in_images = set(re.findall(r"script/setup packages (\w+)", DOCKERFILE))
    lists = {path.stem: path.read_text().split() for path in (PROJECT / "deploy/packages").glob("*.txt")}
    assert in_images == set(lists) - {"tests"}
    assert [name for names in lists.values() for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name)] == []
    assert "apt-get install" not in DOCKERFILE


def test_every_setting_is_documented_and_every_documented_setting_is_used() -> None:
    settings = re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (PROJECT / "gis_portal/settings.py").read_text())
    compose = re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text())
    assert sorted({*settings, *compose} - set(ENV_EXAMPLE)) == []
    scripts = "".join(path.read_text() for path in (PROJECT / "script").rglob("*") if path.is_file())
    assert [name for name in ENV_EXAMPLE if name not in {*settings, *compose} and name not in scripts] == []


def test_no_secret_has_an_example_value() -> None:
    required = re.findall(r"\$\{([A-Z_]+):\?", (PROJECT / "docker-compose.yml").read_text())
    assert {name: ENV_EXAMPLE[name] for name in required} == {"SECRET_KEY": "", "POSTGRES_PASSWORD": ""}


def test_secrets_stay_out_of_the_images() -> None:
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    assert {".env", "var", ".git", ".venv", "node_modules"} <= set(ignored)


def test_compose_accepts_the_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode != 0:
        pytest.skip("docker compose is not on this machine")
    command = [docker, "compose", "--env-file", "/dev/null", "config", "--quiet"]
    secrets = {"SECRET_KEY": "for-the-test", "POSTGRES_PASSWORD": "for-the-test"}
    good = subprocess.run(command, cwd=PROJECT, env=os.environ | secrets, capture_output=True, text=True)
    assert (good.returncode, good.stderr) == (0, "")
    without = {name: value for name, value in os.environ.items() if name not in secrets}
    bad = subprocess.run(command, cwd=PROJECT, env=without, capture_output=True, text=True)
    assert bad.returncode != 0
    assert "copy .env.example to .env" in bad.stderr


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not on this machine")
    text = re.sub(r"/tmp(?=/\w)", str(tmp_path), (PROJECT / "deploy/nginx.conf").read_text())  # noqa: S108
    for name, here in (("server web:8000", "server 127.0.0.1:8000"), ("/var/cache/portal", str(tmp_path / "cache"))):
        assert name in text
        text = text.replace(name, here)
    (tmp_path / "nginx.conf").write_text(text)
    done = subprocess.run([nginx, "-e", "stderr", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_nginx_keeps_what_is_personal_out_of_its_cache() -> None:
    text = re.sub(r"#.*", "", (PROJECT / "deploy/nginx.conf").read_text())
    tiles = re.search(r"location ~ \^/api/\(tiles.*?\n        \}", text, re.DOTALL)
    assert tiles
    assert {"proxy_cache_bypass $is_personal;", "proxy_no_cache $is_personal;"} <= {
        line.strip() for line in tiles[0].splitlines()
    }
    assert "tcp_nopush off;" in text
    assert "proxy_ignore_headers" not in text


def test_nobody_writes_down_who_scans_which_door() -> None:
    text = re.sub(r"#.*", "", (PROJECT / "deploy/nginx.conf").read_text())
    found = re.search(r"location /d/ \{(.*?)\}", text, re.DOTALL)
    assert found is not None
    assert {"access_log off;", "error_log /dev/null emerg;"} <= {line.strip() for line in found[1].splitlines()}
    assert re.findall(r"access_log (\S+)", text) == ["off;", "off;"]
    assert "--no-access-log" in (PROJECT / "script/lib/processes.sh").read_text()
