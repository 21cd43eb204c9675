using System.CommandLine;

namespace StarKV.Cli;

/// <summary>How a verb is invoked, with what interrupts it.</summary>
/// <param name="interruption">Tells the verb to end.</param>
internal sealed class VerbConfiguration(Interruption interruption) : InvocationConfiguration
{
    /// <summary>Tells the verb to end; verbs that do steps give each of them to it.</summary>
    public Interruption Interruption => interruption;
}
