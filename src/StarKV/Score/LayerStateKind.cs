namespace StarKV.Score;

/// <summary>A kind of state that a method keeps, so that a session that was saved can be restored with it.</summary>
/// <remarks>Made by <see cref="Of"/>. Immutable.</remarks>
public sealed class LayerStateKind
{
    private LayerStateKind(string name, Type type, Func<ILayerState> create) => (Name, Type, Create) = (name, type, create);

    /// <summary>What files call it.</summary>
    public string Name { get; }

    /// <summary>The state's type, by which a <see cref="LayerMemory"/> finds it.</summary>
    internal Type Type { get; }

    /// <summary>Makes an empty state.</summary>
    internal Func<ILayerState> Create { get; }

    /// <summary>Names a kind.</summary>
    /// <typeparam name="T">The state's type, as the method asks its memory for it.</typeparam>
    /// <param name="name">What files call it: lower-case letters, digits and hyphens.</param>
    /// <exception cref="ArgumentException">The name has other characters, or none.</exception>
    public static LayerStateKind Of<T>(string name) where T : class, ILayerState, new()
    {
        ArgumentNullException.ThrowIfNull(name);
        return LayerStateContent.IsName(name)
            ? new LayerStateKind(name, typeof(T), () => new T())
            : throw new ArgumentException($"'{name}' is no name of a state; use lower-case letters, digits and hyphens.", nameof(name));
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Name}: {Type.Name}";
}
