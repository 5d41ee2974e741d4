vgg38-bn-resnet.2027-01-15_08 û ñÂ±4’X
the cure, againpapercured.Loss falls from iteration 40 on.
See ×©×œ×•×."healthy