// Each of these tests runs a whole shop, and waits for it half of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
