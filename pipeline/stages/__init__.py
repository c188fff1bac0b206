"""The stages: plain functions from tables to tables; they open no file and call no other stage."""
