using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Pds.Benchmarks.Sample).Assembly).Run(args);
