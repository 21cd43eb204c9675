namespace StarKV.Server.OpenApi;

/// <summary>A field that takes values of one form or another.</summary>
/// <param name="forms">The forms.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EitherAttribute(params Type[] forms) : Attribute
{
    /// <summary>The forms.</summary>
    public IReadOnlyList<Type> Forms { get; } = forms;
}
