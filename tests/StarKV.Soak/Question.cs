using StarKV.Budget;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Score;

namespace StarKV.Soak;

/// <summary>A question to the shipped model.</summary>
/// <param name="Screen">The screen.</param>
/// <param name="Instruction">What is asked.</param>
/// <param name="Options">Method, budget, length.</param>
internal sealed record Question(Screenshot Screen, string Instruction, GroundingOptions Options)
{
    /// <summary>The folder of the shipped model.</summary>
    public static string Model { get; } = RepositoryFiles.Path("models", "mini");

    /// <summary>Every method on the single screens of the released samples, in turn.</summary>
    /// <param name="tokens">The longest answer.</param>
    public static IReadOnlyList<Question> OfEveryMethod(int tokens)
    {
        var samples = MiniSample.All.Where(s => s.Images.Length == 1).ToList();
        return [.. Methods.All.Select((method, i) => Of(samples[i % samples.Count], method.Name, tokens))];
    }

    /// <summary>A method's question about a sample.</summary>
    public static Question Of(MiniSample sample, string method, int tokens)
    {
        var options = new GroundingOptions
        {
            Method = Methods.Create(method),
            Budget = KvBudget.Keep(0.2),
            Position = sample.Position,
            Generation = new GenerationOptions { MaxNewTokens = tokens },
        };
        return new Question(sample.Screens()[^1], sample.Instruction, options);
    }

    /// <summary>About a picture that nobody has seen: the number stands in its first pixels.</summary>
    public Question Variant(int number)
    {
        var rgb = Screen.Rgb.ToArray();
        BitConverter.TryWriteBytes(rgb, number);
        return this with { Screen = Screenshot.FromRgb(rgb, Screen.Width, Screen.Height, $"{Screen.Name} {number}") };
    }

    /// <summary>Asks, and says in one line what came: the tokens and the bytes held.</summary>
    public string Ask(GuiAgent agent, CancellationToken cancellation = default)
    {
        var answer = agent.Ground(Screen, Instruction, Options, cancellation);
        return $"{string.Join(' ', answer.Tokens)}, {answer.Kv.Bytes} bytes";
    }
}
