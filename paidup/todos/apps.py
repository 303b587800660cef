from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "paidup.todos"
    label = "todos"
