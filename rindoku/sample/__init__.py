"""The sample week and the loopback stand-in: the demo, the tests and the benchmarks use the same one."""
