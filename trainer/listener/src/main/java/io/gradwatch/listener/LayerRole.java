package io.gradwatch.listener;

/**
 * What a weight layer is for, which its parameters do not tell.
 *
 * @param mainPath false for a projection on a skip path: such a layer takes no part in rules about depth
 * @param block where it stands, for people and for drawing: "entry", "stage 1", "head"; empty when there is nothing to
 *     say
 */
public record LayerRole(boolean mainPath, String block) {}
