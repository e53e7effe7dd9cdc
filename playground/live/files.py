"""The files behind the live canvas: our modules, the runtime, and what each model's mathematics needs.

Each address holds a version or a fingerprint, so a browser may keep what it got
for good. What an address gives therefore never changes: a new form of it takes
a new address.
"""

from __future__ import annotations

import asyncio
import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from torch import Tensor

from playground import checkpoints
from playground.errors import PlaygroundError
from playground.live import fetch_runtime, onnx_export
from playground.live.exporter import Exporter
from playground.models import Capability, GenerativeModel
from playground.models.mapping import Mapping
from playground.models.multiply_adds import num_multiply_adds
from playground.models.prior import GaussianMixture
from playground.render import LoadedModel, load

WEB = Path(__file__).resolve().parent / "web"
MEDIA_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "no-store"}
RETRY_SECONDS = 1


def routes() -> list[BaseRoute]:
    """The addresses of the live canvas's files."""
    exporter = Exporter()

    async def generator(request: Request) -> Response:
        return await _generator(request, exporter)

    return [
        Route("/live/web/{version}/{file}", web),
        Route("/live/runtime/{version}/{file}", runtime),
        Route("/live/models/{name}/{fingerprint}.json", description),
        Route("/live/models/{name}/{fingerprint}.latent", latent),
        Route("/live/models/{name}/{fingerprint}.onnx", generator),
    ]


def web_version() -> str:
    """The first 12 hex digits of the SHA-256 over all modules in `web/`."""
    digest = hashlib.sha256()
    for file in sorted(WEB.glob("*.js")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@lru_cache(1)
def runtime_version() -> str:
    """onnxruntime-web's version."""
    return fetch_runtime.record().version


def web(request: Request) -> Response:
    """One of our JavaScript modules."""
    known = {file.name: file for file in WEB.glob("*.js")}
    if request.path_params["version"] != web_version() or request.path_params["file"] not in known:
        return _problem(404, "There is no such module in this version of the playground: reload the page.")
    file = known[request.path_params["file"]]
    return Response(file.read_bytes(), media_type=MEDIA_TYPES[file.suffix], headers=FOR_GOOD)


def runtime(request: Request) -> Response:
    """One of onnxruntime-web's files, always compressed: every browser that can run it can read that."""
    name = request.path_params["file"]
    if request.path_params["version"] != runtime_version() or name not in fetch_runtime.record().files:
        return _problem(404, "There is no such file in the runtime that the playground ships: reload the page.")
    headers = FOR_GOOD | {"Content-Encoding": "gzip"}
    return FileResponse(fetch_runtime.compressed(name), media_type=MEDIA_TYPES[Path(name).suffix], headers=headers)


def description(request: Request) -> Response:
    """What the browser must know of a model before it asks for a picture."""
    try:
        found = _model(request)
    except PlaygroundError as error:
        return _problem(404, str(error))
    model = found.checkpoint.model
    facts = {
        "name": found.name,
        "fingerprint": found.fingerprint,
        "latent_dim": model.latent_dim,
        "num_layers": model.num_layers,
        "image_shape": model.image_shape,
        "class_names": model.class_names,
        "num_multiply_adds": _num_multiply_adds(found),
        "has_prior": Capability.FITTED_PRIOR in model.capabilities,
        "num_components": mixture.num_components if (mixture := _mixture(model)) else 0,
        "num_mapping_layers": len(_mapping_layers(model)),
        "num_principal": len(model.principal.scales),
        "label_names": model.config.label_names,
    }
    return JSONResponse(facts, headers=FOR_GOOD)


def latent(request: Request) -> Response:
    """A model's directions and what its codes are drawn from, as float32 numbers in a row.

    Little-endian: principal directions [num_principal, latent_dim], their scales
    [num_principal]; the labelled ones likewise; then, for a mixture of codes or of a
    mapping network's noise, its weights [num_components], means [num_components,
    latent_dim] and packed factors [num_components, latent_dim (latent_dim + 1) / 2];
    then, for a mapping network, of each layer the weight [latent_dim, latent_dim]
    and the bias [latent_dim].
    """
    try:
        found = _model(request)
    except PlaygroundError as error:
        return _problem(404, str(error))
    content = b"".join(np.asarray(part, dtype="<f4").tobytes() for part in _latent_parts(found.checkpoint.model))
    return Response(content, media_type="application/octet-stream", headers=FOR_GOOD)


async def _generator(request: Request, exporter: Exporter) -> Response:
    """A model's ONNX file: 202 while it is being made, 503 if it cannot be."""
    try:
        found = await asyncio.to_thread(_model, request)
        file = await asyncio.to_thread(onnx_export.exported, found.name)
    except PlaygroundError as error:
        return _problem(404, str(error))
    if file is None:
        if problem := exporter.problem(found.name, found.fingerprint):
            return _problem(503, problem)
        return Response(status_code=202, headers=NEVER | {"Retry-After": str(RETRY_SECONDS)})
    headers = FOR_GOOD | {
        "Vary": "Accept-Encoding",
        "Content-Disposition": f'attachment; filename="{found.name}.onnx"',
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        file, headers = onnx_export.compressed(file), headers | {"Content-Encoding": "gzip"}
    return FileResponse(file, media_type="application/octet-stream", headers=headers)


def _model(request: Request) -> LoadedModel:
    """The model that an address names. Raises `PlaygroundError` unless it is that one, with those weights."""
    name, fingerprint = request.path_params["name"], request.path_params["fingerprint"]
    if name not in checkpoints.names():
        raise PlaygroundError(f"There is no checkpoint named {name[:100]!r}: choose another model.")
    model = load(name)
    if fingerprint != model.fingerprint:
        raise PlaygroundError(f"The weights of {name} have changed since: reload the page.")
    return model


def _latent_parts(model: GenerativeModel) -> list[np.ndarray]:
    tensors = [*model.principal.buffers(), *model.labelled.buffers()]
    if mixture := _mixture(model):
        tensors += [mixture.weights, mixture.means, mixture.packed_factors]
    for weight, bias in _mapping_layers(model):
        tensors += [weight, bias]
    return [tensor.numpy() for tensor in tensors]


def _mixture(model: GenerativeModel) -> GaussianMixture | None:
    """What codes, or a mapping network's noise, are drawn from, unless that is N(0, I)."""
    drawn = model.prior.noise if isinstance(model.prior, Mapping) else model.prior
    return drawn if isinstance(drawn, GaussianMixture) else None


def _mapping_layers(model: GenerativeModel) -> list[tuple[Tensor, Tensor]]:
    return model.prior.affine_layers() if isinstance(model.prior, Mapping) else []


@lru_cache(64)
def _num_multiply_adds(found: LoadedModel) -> int:
    return num_multiply_adds(found.checkpoint.model)


def _problem(status: int, sentence: str) -> Response:
    return PlainTextResponse(sentence, status, headers=NEVER)
