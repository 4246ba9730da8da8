// Many of these tests wait, for servers that restart and for partitions.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
