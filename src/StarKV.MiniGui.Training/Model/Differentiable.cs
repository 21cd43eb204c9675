using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Model;

/// <summary>An operation that brings its own gradient, where autograd's would take several passes over memory.</summary>
internal sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
{
    private const string Gradient = "gradient";

    /// <summary>
    /// Autograd's threads have no dispose scope, and what they are given
    /// must live until autograd has taken it: until the next one is given.
    /// </summary>
    [ThreadStatic]
    private static Tensor? s_given;

    public override string Name => nameof(Differentiable);

    /// <summary>Runs an operation.</summary>
    /// <param name="input">What it depends on.</param>
    /// <param name="run">Computes the value, and tells how the value's gradient becomes the input's; both run without autograd.</param>
    public static Tensor Of(Tensor input, Func<Tensor, (Tensor Value, Func<Tensor, Tensor> Gradient)> run) => apply(input, run);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (value, gradient) = ((Func<Tensor, (Tensor, Func<Tensor, Tensor>)>)vars[1])((Tensor)vars[0]);
        ctx.save_data(Gradient, gradient);
        return value;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        using var gradient = grad_output;
        s_given?.Dispose();
        s_given = ((Func<Tensor, Tensor>)ctx.get_data(Gradient))(gradient).DetachFromDisposeScope();
        // The second argument, a function, has none.
        return [s_given, null!];
    }
}
