using System.Globalization;

namespace StarKV.Fuzz.Run;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage =
        """
        StarKV.Fuzz [--inputs N | --seconds N] [--targets A,B] [--seed S] [--jobs N] [--hang SECONDS] [--out FILE]
        StarKV.Fuzz --repro TARGET:SEED:ITERATION[:SKIPPED,…] [--save FILE]
        StarKV.Fuzz --run TARGET FILE
        StarKV.Fuzz --list
          --inputs   inputs in all, shared among the targets in the proportion of their rounds (default: one round of each)
          --seconds  as many rounds as begin within this time, instead
          --targets  names (default: all)
          --seed     equal seeds give equal inputs (default 1)
          --jobs     processes at work (default 2)
          --hang     processor seconds after which an input counts as one that hangs (default 10)
          --out      results as JSON
          --repro    makes an input again, runs it, and saves it
          --run      runs a file as an input
        Exit code: 0 nothing found, 1 a finding, 2 a wrong call.
        """;

    public long? Inputs { get; init; }

    public double? Seconds { get; init; }

    public IReadOnlyList<string> Targets { get; init; } = [];

    public ulong Seed { get; init; } = 1;

    public int Jobs { get; init; } = 2;

    public double HangSeconds { get; init; } = 10;

    public string? Out { get; init; }

    public InputNumber? Repro { get; init; }

    public string? Save { get; init; }

    public (string Target, string File)? File { get; init; }

    public bool Lists { get; init; }

    /// <summary>The folder of a worker's state; null for a process that is no worker.</summary>
    public string? Worker { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static FuzzOptions Read(IReadOnlyList<string> arguments)
    {
        var (options, rest) = (new FuzzOptions(), new Queue<string>(arguments));
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--inputs" => options with { Inputs = long.Parse(Value(), CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--targets" => options with { Targets = Value().Split(',') },
                "--seed" => options with { Seed = ulong.Parse(Value(), CultureInfo.InvariantCulture) },
                "--jobs" => options with { Jobs = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--hang" => options with { HangSeconds = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--out" => options with { Out = Value() },
                "--repro" => options with { Repro = InputNumber.Parse(Value()) },
                "--save" => options with { Save = Value() },
                "--run" => options with { File = (Value(), Value()) },
                "--list" => options with { Lists = true },
                "--worker" => options with { Worker = Value() },
                _ => throw new FormatException($"{name} is no option."),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value.");
        }

        return options;
    }
}
