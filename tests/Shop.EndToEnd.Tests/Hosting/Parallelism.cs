// Each of these tests runs a whole shop.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
