vgg38-bn-resnet.2027-01-15_08 û ñÂ±4’r2=
r1/vanish-floor/0/1adarestarting it with skips àôôÂ±4(:1
plateauàôôÂ±4àÜÒĞ±4"ada*known until morning