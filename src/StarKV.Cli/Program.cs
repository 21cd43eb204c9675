using StarKV.Cli.Conformance;
using static TorchSharp.torch;

StarKV.Runtime.LibTorch.Load();
using var mode = inference_mode();
foreach (var r in ConformanceSuite.Run(args[0]))
    Console.WriteLine(r);
