namespace StarKV.Kernels;

/// <summary>A kernel as its launch sees it. The launchers declare each of theirs once; a test compares them with the sources.</summary>
/// <param name="name">Its name in the sources.</param>
/// <param name="parameters">The types of its parameters, in order.</param>
internal sealed class Kernel(string name, params ParameterType[] parameters)
{
    /// <summary>Its name in the sources.</summary>
    public string Name => name;

    /// <summary>The types of its parameters, in order.</summary>
    public IReadOnlyList<ParameterType> Parameters => parameters;

    /// <summary>Checks the number and the types of a launch's arguments: the driver takes any.</summary>
    /// <exception cref="InvalidOperationException">They are not the kernel's.</exception>
    public void Check(ReadOnlySpan<KernelArgument> arguments)
    {
        if (arguments.Length != parameters.Length)
            throw new InvalidOperationException($"Kernel {name} takes {parameters.Length} arguments, not {arguments.Length}.");
        for (var i = 0; i < parameters.Length; i++)
        {
            if (arguments[i].Type != parameters[i])
                throw new InvalidOperationException($"Argument {i} of kernel {name} must be {parameters[i]}, not {arguments[i].Type}.");
        }
    }
}
