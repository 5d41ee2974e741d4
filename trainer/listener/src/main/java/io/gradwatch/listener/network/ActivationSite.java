package io.gradwatch.listener.network;

/**
 * Where a weight layer's units show their activations.
 *
 * @param activation step whose output is the activation: behind the layer's normalisation and non-linearity
 * @param signs step that ends with the non-linearity, whose output tells the signs of the pre-activations
 * @param nonLinearity that one
 * @param channelAxis dimension of both outputs that counts channels, or units of a dense layer
 * @param output whether it is the model's output layer, whose activation Deeplearning4j does not keep in training
 */
public record ActivationSite(
        String activation, String signs, NonLinearity nonLinearity, int channelAxis, boolean output) {}
