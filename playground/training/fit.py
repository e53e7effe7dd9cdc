"""What is fitted to a model's codes once its weights are final."""

from __future__ import annotations

import warnings

import torch
from jaxtyping import Float
from torch import Tensor, nn

from playground.data import ImageSet
from playground.latents.principal import fit_principal
from playground.models import Capability, GenerativeModel
from playground.models.mapping import Mapping
from playground.models.prior import GaussianMixture

MAX_CODES = 60_000
MAX_ROUNDS = 60


def fit_codes(model: GenerativeModel, data: ImageSet, seed: int) -> None:
    """Fits the prior, and finds the principal directions.

    Args:
        model: with its final, averaged weights; changed in place.
        data: the training pictures.
        seed: of the mixture's start.
    """
    fit_prior(model, data, seed)
    fit_principal(model)


def fit_prior(model: GenerativeModel, data: ImageSet, seed: int) -> None:
    """Standardises the codes exactly, where the model does, and fits its mixture; arguments as in `fit_codes`.

    A model that has no codes of pictures, or whose prior is N(0, I), is left as it is.
    """
    settle(model)
    standardise(model, data)
    if hasattr(model, "place_classes"):
        model.place_classes(codes_of(model, data), data.labels.cpu())
    if isinstance(model.prior, GaussianMixture) and Capability.ENCODE in model.capabilities:
        fit_mixture(model.prior, codes_of(model, data)[:MAX_CODES], seed)


def settle(model: GenerativeModel) -> None:
    """Measures mean and covariance of the codes where a network makes them: the weights alone say those."""
    if isinstance(model.prior, Mapping):
        model.prior.measure()


def standardise(model: GenerativeModel, data: ImageSet) -> None:
    """Sets the batch normalisation of the codes to the mean and variance of the whole data.

    While training they follow the weights of the moment, which are not the averaged ones.
    """
    layers = [layer for layer in model.modules() if isinstance(layer, nn.BatchNorm1d) and not layer.affine]
    for layer in layers:
        layer.reset_running_stats()  # mean 0 and variance 1: the codes come out as they are
        codes = codes_of(model, data)
        layer.running_mean.copy_(codes.mean(0))
        layer.running_var.copy_(codes.var(0))


@torch.no_grad()
def codes_of(model: GenerativeModel, data: ImageSet) -> Float[Tensor, "num_images latent_dim"]:
    """The codes of all pictures, on the CPU."""
    device = next(model.parameters()).device
    classes = torch.eye(len(data.class_names), device=device)
    codes = []
    for images, labels in zip(data.images.split(1000), data.labels.split(1000), strict=True):
        y = classes[labels.to(device)] if model.class_names else None
        codes.append(model.encode(images.to(device).float() / 127.5 - 1, y).float().cpu())
    return torch.cat(codes)


def fit_mixture(prior: GaussianMixture, codes: Float[Tensor, "num_codes latent_dim"], seed: int) -> None:
    """Full-covariance Gaussians by expectation maximisation. Ghosh et al., 2020, section 4."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture as Fitted

    fitted = Fitted(prior.num_components, reg_covar=1e-4, max_iter=MAX_ROUNDS, tol=1e-2, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last rounds gain little
        fitted.fit(codes.double().numpy())
    prior.weights.copy_(torch.from_numpy(fitted.weights_))
    prior.means.copy_(torch.from_numpy(fitted.means_))
    prior.pack(torch.linalg.cholesky(torch.from_numpy(fitted.covariances_)))
