using StarKV.Fuzz.Run;
using StarKV.Fuzz.Targets;

FuzzOptions options;
try
{
    options = FuzzOptions.Read(args);
    if (options.Targets.FirstOrDefault(name => !TargetTable.Knows(name)) is { } unknown)
        throw new FormatException($"There is no target {unknown}; --list names them.");
}
catch (Exception e) when (e is FormatException or OverflowException)
{
    Console.Error.WriteLine($"{e.Message}\n{FuzzOptions.Usage}");
    return 2;
}

return options switch
{
    { Lists: true } => List(),
    { Worker: { } folder } => Work(folder),
    { Repro: { } input } => SingleInput.Again(input, options.Save, Console.Out),
    { File: var (name, file) } => SingleInput.OfFile(name, file, Console.Out),
    _ => Search(),
};

int List()
{
    Console.WriteLine(string.Join('\n', TargetTable.Names));
    return 0;
}

int Work(string folder)
{
    Worker.Run(folder, Console.In, Console.Out);
    return 0;
}

int Search()
{
    var tallies = new Campaign(options, Console.Out).Run();
    Console.WriteLine(Results.Table(tallies));
    if (options.Out is { } path)
        File.WriteAllText(path, Results.Json(tallies));
    return tallies.Values.Any(t => t.Findings.Count > 0) ? 1 : 0;
}
