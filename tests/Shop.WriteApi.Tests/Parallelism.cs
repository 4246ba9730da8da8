// Many of these tests wait, for heartbeats, limits and restarts.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
