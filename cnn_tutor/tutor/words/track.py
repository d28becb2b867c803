"""Words for tracking shapes and parameters."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("track", "shape"): Wording(
        "shape after {layer}",
        "Shape after {layer}?",
        "Shape after {layer}?",
        point="Take the shape before it: {before}.",
        rule="Filters give the maps; the length formula gives each side. Pooling keeps the number of maps.",
    ),
    ("track", "table"): Wording(
        "layers of {layer}",
        "Shape and parameters of this layer of {layer}?",
        "Fill in {layer} layer by layer: the sizes of its shape, then its parameters.",
        point="The row above a layer is what it takes in; where another one is meant, the table says so.",
        rule=(
            "First the shape, which only convolutions, pooling and flatten change. Then what the layer learns: weights "
            "and biases, two numbers a channel for batch normalisation, nothing for the others."
        ),
    ),
    ("track", "weights_per_slice"): Wording(
        "weights of one slice",
        "How many weights does one slice of the kernel have (one input channel)?",
        point="The kernel is square.",
        rule="Height times width of the kernel.",
    ),
    ("track", "weights_per_filter"): Wording(
        "weights of one filter",
        "How many weights does one filter have over all the channels it sees?",
        "How many weights does one filter have over all the channels it sees?",
        point="A filter has one slice for each channel it sees; in groups, for each channel of its group.",
        rule="Weights of a slice times the channels that a filter sees.",
    ),
    ("track", "parameters_per_filter"): Wording(
        "parameters of one filter",
        "And with its bias?",
        point="How many biases has one filter?",
        rule="Weights of the filter plus one.",
    ),
    ("track", "maps"): Wording(
        "feature maps",
        "How many feature maps come out?",
        point="Each filter gives one map.",
        rule="As many maps as filters.",
    ),
    ("track", "parameters"): Wording(
        "parameters of {layer}",
        "How many parameters does {layer} have?",
        "How many parameters does {layer} have?",
        point="What does this layer learn?",
        rule="Convolution: filters × parameters of one filter. Dense: inputs × units + units. Others: none.",
    ),
    ("track", "total"): Wording(
        "all parameters",
        "How many parameters does the whole network have?",
        "How many parameters does the whole network have?",
        point="Every layer counts once.",
        rule="Add the parameters of all layers.",
    ),
    ("track", "macs"): Wording(
        "MACs of {layer}",
        "How many multiply-adds (MACs) does {layer} cost for one image?",
        "How many multiply-adds (MACs) does {layer} cost for one image?",
        point="Each output costs one multiply-add for each weight of its filter.",
        rule="Outputs (maps × height × width) times weights of one filter; biases are not counted.",
    ),
    ("track", "flops"): Wording(
        "FLOPs of {layer}",
        "And how many FLOPs, counting a multiplication and an addition as one each?",
        "And how many FLOPs, counting a multiplication and an addition as one each?",
        point="A multiply-add is one of each.",
        rule="Twice the MACs.",
    ),
    ("track", "dense_weights"): Wording(
        "dense weights",
        "A dense layer from the same input to the same outputs, without biases: how many weights?",
        "A dense layer from the same input to the same outputs, without biases: how many weights?",
        point="In a dense layer every output has a weight for every input.",
        rule="All inputs times all outputs; channels count on both sides.",
    ),
    ("track", "total_macs"): Wording(
        "all MACs",
        "How many multiply-adds (MACs) does the whole network cost for one image?",
        "How many multiply-adds (MACs) does the whole network cost for one image?",
        point="Only layers with weights multiply.",
        rule="Add the MACs of all layers.",
    ),
}
