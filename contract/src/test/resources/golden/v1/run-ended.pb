vgg38-bn-resnet.2027-01-15_08 û ñÂ±4Zä
´
VGG38 mit Ãœbersprungvgg38-bn-resnet€ ñÂ±4 Úûÿÿÿÿÿÿÿ(d0d8Œó@ÛHdPäÇZentryconv2d *entry2 Z0stage1.skipconv2d*stage 1 reduction2  Zheaddense *head2 dbentry.bn  binput.bn jj
generated 100-class images@e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 Œó(Ä0Nr
lr0.001r
weight-decay0z
deeplearning4j
1.0.0-M2.1z
java17.0.15‚	trainer-1ŠpaperŠfigure 2loss is NaN since iteration 57 àôôÂ±4(:0