# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1　看一个图层，再决定信不信它
#
# 占耕比算错，十次有九次错在最前面：编码猜错了、坐标系写错了、图形是坏的、面积的口径不一样、字段不是你以为的那个。
# 这些错误**都不会报错**——程序照样算完，数字照样好看。所以拿到一个图层，先看五样东西：
#
# **编码　→　坐标系　→　图形　→　面积口径　→　字段**
#
# 本页用示例县（虚构的县，数据按县局实际交来的样子做的）。看完以后，把路径换成你自己的文件再看一遍。

# %%
import geopandas as gpd

import pipeline

config = pipeline.demo_county()  # 示例县；没有的话现在写出来
changes = config.parent / "raw" / "changes" / "BHTB_990101_2024.shp"
sorted(path.name for path in changes.parent.iterdir())

# %% [markdown]
# 一个 Shapefile 是一组文件：图形在 `.shp`，属性在 `.dbf`，坐标系在 `.prj`。
# 注意**没有 `.cpg`**——也就是说，没有人告诉我们 `.dbf` 里的汉字是什么编码。
#
# 先像平常那样直接读：

# %%
gpd.read_file(changes)[["JCBH", "TBLX", "HSX", "BZ"]].head(3)

# %% [markdown]
# `BZ`（备注）成了乱码，而程序一声不吭。换成 `pipeline.look`：它按正式运行的办法读，但什么也不替你决定，只把看到的说出来。

# %%
layer = pipeline.look(changes, working="EPSG:4549")
layer

# %% [markdown]
# ## 编码
#
# “按内容认定为 GBK”是怎么认定的？同样的字节，按不同的编码读，结果不同；只有一种读得通：

# %%
raw = "示例数据".encode("gbk")
print("字节　　　", raw.hex(" "))
print("按 GBK　　", raw.decode("gbk"))
print("按 Latin-1", raw.decode("latin-1"), "　← 什么字节都“读得通”，所以不可信")
print("按 UTF-8　", raw.decode("utf-8", errors="replace"), "　← 读不通，所以不是")

# %% [markdown]
# 规则很简单：先严格按 UTF-8，再看 `.cpg`，再严格按 GBK，都不通就拒绝。凡是推断出来的，都记一条：

# %%
pipeline.show(layer.findings)

# %% [markdown]
# ## 坐标系
#
# 看横坐标的头两位。`40 590 173` 的 `40` 是**带号**（3 度带第 40 带，中央经线 120°），不是坐标的一部分。
# 带带号和不带带号是两个坐标系，差四千万米：

# %%
layer.shapes.crs.name, layer.shapes.total_bounds.round(1)

# %% [markdown]
# 如果有人把 `.prj` 写错了呢？我们故意说它是不带带号的 EPSG:4549：

# %%
pipeline.look(changes, crs="EPSG:4549").summary.query("项目 == '坐标对不对'")["内容"].item()

# %% [markdown]
# 坐标系**从不猜**：没有的，拒绝，并给出可以直接粘贴的一行；与坐标矛盾的，也拒绝。
#
# ## 图形
#
# 有图形的记录不等于能用的记录：

# %%
pipeline.show(layer.invalid)

# %% [markdown]
# 第二条是个“蝴蝶结”：两个三角形一正一反，面积几乎抵消。128 ㎡ 还是 1,202 ㎡？没有人说得清，所以**隔离**，不算进去，也不悄悄改：

# %%
bad = layer.shapes[~layer.shapes.is_valid & layer.shapes.geometry.notna()]
axes = bad.plot(figsize=(4, 4), facecolor="#f0b63f", edgecolor="#1f2328")
axes.set_axis_off()

# %% [markdown]
# 只有在怎么修都是同一块地的时候才修，而且修了要说。
#
# ## 面积口径
#
# 同一个图形有三个“面积”：投影平面上的、椭球面上的、数据自己填的。第三次国土调查以来用**椭球面积**。差多少？

# %%
areas = layer.areas().rename(columns={"plane_m2": "平面", "ellipsoid_m2": "椭球"})
areas["填报"] = layer.shapes["JCMJ"].astype(float)
print((areas.sum() / 2000 * 3).round(2).to_string())  # 亩

# %% [markdown]
# 平面比椭球多万分之二点四，全部图斑多出半亩多；离中央经线越远，多得越多。占耕比是两个面积相除，影响不大，
# 可是“还需复耕多少亩”、罚多少款，差的是实打实的。重要的是**全县只用一种口径**，并印在每件成果上。
#
# 填报面积（`JCMJ`）只用来核对：

# %%
areas.insert(0, "图斑", layer.shapes["JCBH"])
areas["填报÷椭球"] = areas["填报"] / areas["椭球"]
pipeline.show(areas[(areas["填报÷椭球"] - 1).abs() > 0.01])

# %% [markdown]
# 一条填报多了 3%；另两条就是上面那两个坏图形（没有图形的，面积是 0，除出来是无穷大）。
#
# %% [markdown]
# ## 字段
#
# 看三件事：哪个字段**唯一**（可以做编号），日期有几种写法，代码有没有丢掉前面的零。

# %%
pipeline.show(layer.fields)

# %% [markdown]
# - `JCBH` 有 652 条、651 个不同的值：**有一个编号用了两次**。
# - `CFZT = 被拆分` 的是父图斑，已由子图斑代替，再算就重了。
# - 后时相 `HSX` 的写法不止一种。把数字都换成 9，数一数：

# %%
layer.shapes["HSX"].str.replace(r"\d", "9", regex=True).value_counts()

# %% [markdown]
# 三种写法都认得。只写到月、季、年的也认得，但当作**一段日子**：这段日子里哪天都成立的才算成立，说不准的列为存疑。
#
# ## 一次看全部
#
# 正式运行把每个图层都这样看一遍，全部问题在一张表里，最重的在前面：

# %%
inspection = pipeline.run(config, until="rank")
defects = inspection.labelled("defects")
pipeline.show(defects.groupby(["处理", "图层"], sort=False).size().rename("条数").reset_index())

# %%
pipeline.show(defects[defects["处理"] == "隔离"][["图层", "记录", "问题", "办法"]])

# %% [markdown]
# ## 轮到你
#
# ```python
# layer = pipeline.look("你的文件.shp", working="EPSG:4549")   # 工作坐标系换成本县的
# layer                 # 五样东西一览
# layer.fields          # 字段
# layer.invalid         # 坏的图形
# layer.areas()         # 每条记录的两种面积
# ```
#
# 下一页：[2　这个图斑为什么这样认定](2_why_this_verdict.ipynb)
