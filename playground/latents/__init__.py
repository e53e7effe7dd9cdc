"""Operations on latent codes: plain functions on tensors and recipes."""
