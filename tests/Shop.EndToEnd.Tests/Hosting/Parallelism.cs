// Each of these tests runs a whole shop. Two at a time, beside another project's tests, miss their deadlines on two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
