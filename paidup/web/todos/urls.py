"""Below /o/SLUG/todos/."""

from django.urls import path

from . import acts, approvals, proposals, reminders, views

urlpatterns = [
    path("", views.todos, name="todos"),
    path("approvals/", approvals.approve_all, name="todos_approvals"),
    path("<uuid:todo_id>/", views.todo, name="todo"),
    path("<uuid:todo_id>/mail/", views.mail, name="todo_mail"),
    path("<uuid:todo_id>/completion/", acts.completion, name="todo_completion"),
    path("<uuid:todo_id>/reopening/", acts.reopening, name="todo_reopening"),
    path("<uuid:todo_id>/snooze/", acts.snooze, name="todo_snooze"),
    path("<uuid:todo_id>/assignment/", acts.assignment, name="todo_assignment"),
    path("<uuid:todo_id>/approval/", approvals.approve, name="todo_approval"),
    path("<uuid:todo_id>/withdrawal/", approvals.withdraw, name="todo_withdrawal"),
    path("<uuid:todo_id>/sending-again/", approvals.send_again, name="todo_sending_again"),
    path("<uuid:todo_id>/reminders/", reminders.send, name="todo_reminders"),
    path("<uuid:todo_id>/skipping/", reminders.skip, name="todo_skipping"),
    path("<uuid:todo_id>/grant/", proposals.grant, name="todo_grant"),
    path("<uuid:todo_id>/refusal/", proposals.refusal, name="todo_refusal"),
]
