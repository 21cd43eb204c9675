namespace StarKV.Act;

/// <summary>What an answer of a model says: actions to carry out, or the reason why there are none.</summary>
/// <param name="Actions">The actions in order; empty when the answer is unreadable.</param>
/// <param name="Diagnostics">Everything unusual, in the order found.</param>
public sealed record ParsedAnswer(IReadOnlyList<GuiAction> Actions, IReadOnlyList<ActionDiagnostic> Diagnostics)
{
    /// <summary>The thought in front of the action part; null without one.</summary>
    public string? Thought { get; init; }

    /// <summary>What the model says about its last step; null when absent.</summary>
    public string? Reflection { get; init; }

    /// <summary>The first action, or null.</summary>
    public GuiAction? First => Actions.Count > 0 ? Actions[0] : null;

    /// <summary>
    /// The code of the first error, such as <c>no-action</c> or <c>cut-off</c>;
    /// null when everything needed was read. Carry out nothing of an
    /// answer that has one.
    /// </summary>
    public string? Reason => Diagnostics.FirstOrDefault(d => d.Severity is DiagnosticSeverity.Error)?.Code;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"actions {ListText.Of(Actions)}, diagnostics {ListText.Of(Diagnostics)}";
}
