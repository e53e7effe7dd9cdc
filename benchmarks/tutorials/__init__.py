"""The classic generative models as tutorials show them, to be measured beside ours.

Each is a class with `batch_size`, `train_epoch(loader)` and `sample(num_images,
seed)`; the networks, losses and rates are the usual ones, in float32, without
any of the playground's improvements.
"""
