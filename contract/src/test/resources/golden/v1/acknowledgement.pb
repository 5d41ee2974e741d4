vgg38-bn-resnet.2027-01-15_08 û ñÂ±4‚/
c-59"$learning rate 0; accepted is above 0