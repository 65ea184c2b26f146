"""The programs that Signpost is measured against, each as its own documentation would have it written."""
