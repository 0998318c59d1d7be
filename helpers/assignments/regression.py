"""The exercises of notebook 07, regression with a small network: task 004.1."""

from .matrix_form import gradients

questions = [gradients]
