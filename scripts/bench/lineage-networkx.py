"""A graph of columns in networkx: one JSON line a question, its answer and in how many seconds."""
import json
import sys
import time

import networkx

graph = None
edges = []
for line in sys.stdin:
    asked = json.loads(line)
    if "edges" in asked:
        edges = [tuple(edge) for edge in asked["edges"]]
        found = len(edges)
        seconds = 0.0
    elif "build" in asked:
        begun = time.perf_counter()
        graph = networkx.DiGraph()
        graph.add_edges_from(edges)
        seconds = time.perf_counter() - begun
        found = graph.number_of_nodes()
    else:
        begun = time.perf_counter()
        reached = [
            networkx.descendants(graph, node) if asked["way"] == "down" else networkx.ancestors(graph, node)
            for node in asked["nodes"]
        ]
        seconds = time.perf_counter() - begun
        found = sum(len(each) for each in reached)
    print(json.dumps({"seconds": seconds, "found": found}), flush=True)
